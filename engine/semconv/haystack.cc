// SPDX-License-Identifier: MIT
// Haystack: https://docs.haystack.deepset.ai/docs/tracing. The class of a component says what it
// is; its contents are recorded with HAYSTACK_CONTENT_TRACING_ENABLED.
#include "engine/semconv/convention.h"

namespace halo {
namespace {

constexpr KeyRule kKeys[] = {
    {"haystack.component.type", Field::kKind},
    {"haystack.tool.name", Field::kTool},
    {"haystack.component.model", Field::kRequestModel},
    {"haystack.component.input", Field::kInput},
    {"haystack.component.output", Field::kOutput},
    {"haystack.agent.input", Field::kInput},
    {"haystack.agent.output", Field::kOutput},
    {"haystack.pipeline.input_data", Field::kInput},
    {"haystack.pipeline.output_data", Field::kOutput},
};

constexpr KindWord kKinds[] = {
    {"openaichatgenerator", Kind::kLlm},
    {"openaigenerator", Kind::kLlm},
    {"azureopenaichatgenerator", Kind::kLlm},
    {"azureopenaigenerator", Kind::kLlm},
    {"anthropicchatgenerator", Kind::kLlm},
    {"anthropicgenerator", Kind::kLlm},
    {"amazonbedrockchatgenerator", Kind::kLlm},
    {"amazonbedrockgenerator", Kind::kLlm},
    {"coherechatgenerator", Kind::kLlm},
    {"coheregenerator", Kind::kLlm},
    {"googleaichatgenerator", Kind::kLlm},
    {"googleaigenerator", Kind::kLlm},
    {"googlegenaichatgenerator", Kind::kLlm},
    {"googlegenaigenerator", Kind::kLlm},
    {"vertexaichatgenerator", Kind::kLlm},
    {"vertexaigenerator", Kind::kLlm},
    {"huggingfaceapichatgenerator", Kind::kLlm},
    {"huggingfaceapigenerator", Kind::kLlm},
    {"huggingfacelocalchatgenerator", Kind::kLlm},
    {"huggingfacelocalgenerator", Kind::kLlm},
    {"mistralchatgenerator", Kind::kLlm},
    {"mistralgenerator", Kind::kLlm},
    {"ollamachatgenerator", Kind::kLlm},
    {"ollamagenerator", Kind::kLlm},
    {"nvidiachatgenerator", Kind::kLlm},
    {"nvidiagenerator", Kind::kLlm},
    {"openrouterchatgenerator", Kind::kLlm},
    {"openroutergenerator", Kind::kLlm},
    {"llamastackchatgenerator", Kind::kLlm},
    {"llamastackgenerator", Kind::kLlm},
    {"togetheraichatgenerator", Kind::kLlm},
    {"togetheraigenerator", Kind::kLlm},
    {"watsonxchatgenerator", Kind::kLlm},
    {"watsonxgenerator", Kind::kLlm},
    {"inmemorybm25retriever", Kind::kRetriever},
    {"inmemoryembeddingretriever", Kind::kRetriever},
    {"elasticsearchbm25retriever", Kind::kRetriever},
    {"elasticsearchembeddingretriever", Kind::kRetriever},
    {"opensearchbm25retriever", Kind::kRetriever},
    {"opensearchembeddingretriever", Kind::kRetriever},
    {"qdrantembeddingretriever", Kind::kRetriever},
    {"chromaembeddingretriever", Kind::kRetriever},
    {"pineconeembeddingretriever", Kind::kRetriever},
    {"pgvectorembeddingretriever", Kind::kRetriever},
    {"weaviateembeddingretriever", Kind::kRetriever},
    {"openaitextembedder", Kind::kEmbedding},
    {"openaidocumentembedder", Kind::kEmbedding},
    {"sentencetransformerstextembedder", Kind::kEmbedding},
    {"sentencetransformersdocumentembedder", Kind::kEmbedding},
    {"coheretextembedder", Kind::kEmbedding},
    {"coheredocumentembedder", Kind::kEmbedding},
    {"transformerssimilarityranker", Kind::kReranker},
    {"sentencetransformerssimilarityranker", Kind::kReranker},
    {"cohereranker", Kind::kReranker},
    {"lostinthemiddleranker", Kind::kReranker},
    {"agent", Kind::kAgent},
    {"toolinvoker", Kind::kChain},
};

constexpr NameRule kNames[] = {
    {"haystack.agent.run", Kind::kAgent},
    {"haystack.agent.step.llm", Kind::kLlm},
    {"haystack.agent.step.tool", Kind::kTool},
    {"haystack.pipeline.run", Kind::kChain},
};

}  // namespace

extern constexpr Convention kHaystack{
    .name = "haystack", .keys = kKeys, .kinds = kKinds, .names = kNames};

}  // namespace halo
