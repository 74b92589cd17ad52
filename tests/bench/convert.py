#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""convert.py FORMAT IN OUT: writes generated traces in another format, for the benchmark.

IN has one OTLP/JSON request per line. Formats: see FORMATS at the end.
"""
import datetime
import json
import struct
import sys


def requests(path):
    with open(path, 'rb') as lines:
        for line in lines:
            yield json.loads(line)


def parts(request):
    for resource in request['resourceSpans']:
        for scope in resource['scopeSpans']:
            yield resource['resource'], scope['scope'], scope['spans']


def plain(attributes):
    values = {}
    for attribute in attributes:
        (kind, value), = attribute['value'].items()
        values[attribute['key']] = int(value) if kind == 'intValue' else value
    return values


def when(nanoseconds):
    time = datetime.datetime.fromtimestamp(int(nanoseconds) / 1e9, datetime.timezone.utc)
    return time.strftime('%Y-%m-%dT%H:%M:%S.%fZ')


def kind_of(values):
    return values.get('openinference.span.kind', 'CHAIN')


def is_error(span):
    return span['status']['code'] == 2


# Protobuf (the messages of opentelemetry-proto, common.proto and trace.proto).


def varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def field(number, payload):
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def text(number, value):
    return field(number, value.encode())


def key_value(attribute):
    (kind, value), = attribute['value'].items()
    any_value = varint(3 << 3) + varint(int(value)) if kind == 'intValue' else text(1, value)
    return text(1, attribute['key']) + field(2, any_value)


def proto_span(span):
    out = field(1, bytes.fromhex(span['traceId'])) + field(2, bytes.fromhex(span['spanId']))
    if 'parentSpanId' in span:
        out += field(4, bytes.fromhex(span['parentSpanId']))
    out += text(5, span['name']) + varint(6 << 3) + varint(span['kind'])
    out += varint(7 << 3 | 1) + struct.pack('<Q', int(span['startTimeUnixNano']))
    out += varint(8 << 3 | 1) + struct.pack('<Q', int(span['endTimeUnixNano']))
    for attribute in span['attributes']:
        out += field(9, key_value(attribute))
    status = varint(3 << 3) + varint(span['status']['code'])
    if 'message' in span['status']:
        status = text(2, span['status']['message']) + status
    return out + field(15, status)


def proto_request(request):
    out = b''
    for resource, scope, spans in parts(request):
        resource_bytes = b''.join(field(1, key_value(a)) for a in resource['attributes'])
        scope_bytes = text(1, scope['name']) + text(2, scope['version'])
        scope_spans = field(1, scope_bytes) + b''.join(field(2, proto_span(s)) for s in spans)
        out += field(1, field(1, resource_bytes) + field(2, scope_spans))
    return out


def otlp_protobuf(source, out):
    """Messages after their lengths, as the file exporter of the Collector writes them."""
    for request in requests(source):
        message = proto_request(request)
        out.write(struct.pack('>I', len(message)) + message)


# JSON formats: each yields what one line holds.


def phoenix(request):
    for _, _, spans in parts(request):
        for span in spans:
            values = plain(span['attributes'])
            yield {
                'name': span['name'],
                'context': {'trace_id': span['traceId'], 'span_id': span['spanId']},
                'span_kind': kind_of(values),
                'parent_id': span.get('parentSpanId'),
                'start_time': when(span['startTimeUnixNano']),
                'end_time': when(span['endTimeUnixNano']),
                'status_code': 'ERROR' if is_error(span) else 'OK',
                'status_message': span['status'].get('message', ''),
                'attributes': values,
                'events': [],
            }


def python_sdk(request):
    for resource, _, spans in parts(request):
        for span in spans:
            parent = span.get('parentSpanId')
            yield {
                'name': span['name'],
                'context': {'trace_id': '0x' + span['traceId'], 'span_id': '0x' + span['spanId'],
                            'trace_state': '[]'},
                'kind': 'SpanKind.INTERNAL',
                'parent_id': '0x' + parent if parent else None,
                'start_time': when(span['startTimeUnixNano']),
                'end_time': when(span['endTimeUnixNano']),
                'status': {'status_code': 'ERROR' if is_error(span) else 'OK',
                           'description': span['status'].get('message', '')},
                'attributes': plain(span['attributes']),
                'events': [],
                'links': [],
                'resource': {'attributes': plain(resource['attributes']), 'schema_url': ''},
            }


def contents(values, prefix):
    return [value for key, value in values.items()
            if key.startswith(prefix) and key.endswith('.content')]


def input_of(values):
    messages = contents(values, 'llm.input_messages.')
    if messages:
        return {'messages': [{'role': 'user', 'content': message} for message in messages]}
    return values.get('input.value', '')


def output_of(values):
    messages = contents(values, 'llm.output_messages.')
    return {'role': 'assistant', 'content': messages[0]} if messages else values.get(
        'output.value', '')


def langfuse(request):
    for resource, _, spans in parts(request):
        first = plain(spans[0]['attributes'])
        observations = []
        for span in spans:
            values = plain(span['attributes'])
            kind = kind_of(values)
            observation = {
                'id': span['spanId'],
                'traceId': span['traceId'],
                'parentObservationId': span.get('parentSpanId'),
                'type': 'GENERATION' if kind == 'LLM' else kind,
                'name': span['name'],
                'startTime': when(span['startTimeUnixNano']),
                'endTime': when(span['endTimeUnixNano']),
                'input': input_of(values),
                'output': output_of(values),
                'level': 'ERROR' if is_error(span) else 'DEFAULT',
                'statusMessage': span['status'].get('message'),
                'metadata': {},
            }
            if kind == 'LLM':
                observation['model'] = values['llm.model_name']
                observation['usageDetails'] = {'input': values['llm.token_count.prompt'],
                                               'output': values['llm.token_count.completion']}
            observations.append(observation)
        yield {
            'id': spans[0]['traceId'],
            'name': spans[0]['name'],
            'timestamp': when(spans[0]['startTimeUnixNano']),
            'sessionId': first.get('session.id'),
            'userId': first.get('user.id'),
            'environment': plain(resource['attributes'])['deployment.environment.name'],
            'observations': observations,
            'scores': [],
        }


def langsmith(request):
    types = {'LLM': 'llm', 'TOOL': 'tool', 'AGENT': 'chain'}
    for _, _, spans in parts(request):
        for span in spans:
            values = plain(span['attributes'])
            kind = kind_of(values)
            run = {
                'id': span['spanId'],
                'trace_id': span['traceId'],
                'parent_run_id': span.get('parentSpanId'),
                'name': span['name'],
                'run_type': types.get(kind, 'chain'),
                'start_time': when(span['startTimeUnixNano']),
                'end_time': when(span['endTimeUnixNano']),
                'inputs': {'input': input_of(values)},
                'outputs': {'output': output_of(values)},
                'error': span['status'].get('message'),
                'extra': {'metadata': {}},
            }
            if kind == 'LLM':
                run['extra']['metadata']['ls_model_name'] = values['llm.model_name']
                run['outputs']['usage_metadata'] = {
                    'input_tokens': values['llm.token_count.prompt'],
                    'output_tokens': values['llm.token_count.completion'],
                    'total_tokens': values['llm.token_count.total']}
            yield run


def jaeger(request):
    for resource, scope, spans in parts(request):
        trace = spans[0]['traceId']
        out = []
        for span in spans:
            tags = [{'key': key, 'type': 'int64' if isinstance(value, int) else 'string',
                     'value': value} for key, value in plain(span['attributes']).items()]
            tags.append({'key': 'otel.scope.name', 'type': 'string', 'value': scope['name']})
            if is_error(span):
                tags.append({'key': 'error', 'type': 'bool', 'value': True})
                tags.append({'key': 'otel.status_description', 'type': 'string',
                             'value': span['status']['message']})
            parent = span.get('parentSpanId')
            start, end = int(span['startTimeUnixNano']), int(span['endTimeUnixNano'])
            out.append({
                'traceID': trace,
                'spanID': span['spanId'],
                'operationName': span['name'],
                'references': [{'refType': 'CHILD_OF', 'traceID': trace, 'spanID': parent}]
                              if parent else [],
                'startTime': start // 1000,
                'duration': (end - start) // 1000,
                'tags': tags,
                'logs': [],
                'processID': 'p1',
            })
        tags = [{'key': key, 'type': 'string', 'value': value}
                for key, value in plain(resource['attributes']).items()]
        process = {'serviceName': 'order-desk', 'tags': tags}
        yield {'data': [{'traceID': trace, 'spans': out, 'processes': {'p1': process}}]}


def chat(request):
    for _, _, spans in parts(request):
        messages = []
        for span in spans:
            values = plain(span['attributes'])
            kind = kind_of(values)
            if kind == 'AGENT':
                messages.append({'role': 'user', 'content': values['input.value']})
            elif kind == 'LLM':
                messages.append({'role': 'assistant', 'content': output_of(values)['content']})
            else:
                call = {'name': values['tool.name'], 'arguments': values['input.value']}
                messages[-1].setdefault('tool_calls', []).append(
                    {'id': span['spanId'], 'type': 'function', 'function': call})
                messages.append({'role': 'tool', 'tool_call_id': span['spanId'],
                                 'content': values['output.value']})
        yield {'id': spans[0]['traceId'], 'messages': messages}


def lines_of(convert):
    def write(source, out):
        for request in requests(source):
            for value in convert(request):
                out.write(json.dumps(value, separators=(',', ':')).encode() + b'\n')
    return write


FORMATS = {
    'otlp_protobuf': otlp_protobuf,
    'python_sdk': lines_of(python_sdk),
    'phoenix': lines_of(phoenix),
    'langfuse': lines_of(langfuse),
    'langsmith': lines_of(langsmith),
    'jaeger': lines_of(jaeger),
    'chat': lines_of(chat),
}


def main():
    name, source, target = sys.argv[1:]
    with open(target, 'wb') as out:
        FORMATS[name](source, out)


if __name__ == '__main__':
    main()
