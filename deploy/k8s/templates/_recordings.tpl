{{/* Recording rules. Their series have a release label, so that releases in one Prometheus remain separate. */}}
{{- define "policy-gateway.recordings" -}}
{{- $s := include "policy-gateway.series" . -}}
rules:
  - record: gateway:messages:rate5m
    expr: sum by (namespace, server, outcome) (rate(gateway_messages_total{ {{- $s -}} }[5m]))
  - record: gateway:grant_messages:rate5m
    expr: sum by (namespace, grant, outcome) (rate(gateway_grant_messages_total{ {{- $s -}} }[5m]))
  - record: gateway:refusals:rate5m
    expr: sum by (namespace, reason) (rate(gateway_refusals_total{ {{- $s -}} }[5m]))
  - record: gateway:admission_seconds:p99_5m
    expr: histogram_quantile(0.99, sum by (namespace, le) (rate(gateway_admission_duration_seconds_bucket{ {{- $s -}} }[5m])))
  - record: gateway:store_seconds:p99_5m
    expr: histogram_quantile(0.99, sum by (namespace, operation, le) (rate(gateway_limits_store_duration_seconds_bucket{ {{- $s -}} }[5m])))
  - record: gateway:upstream_seconds:p95_5m
    expr: histogram_quantile(0.95, sum by (namespace, server, le) (rate(gateway_upstream_duration_seconds_bucket{ {{- $s -}} }[5m])))
  {{- range list "5m" "30m" "1h" "6h" }}
  - record: gateway:upstream_failures:ratio_rate{{ . }}
    expr: |-
      sum by (namespace, server) (rate(gateway_upstream_calls_total{ {{- $s -}} ,outcome=~"failed|broken|refused|unreachable|no_response"}[{{ . }}]))
      / sum by (namespace, server) (rate(gateway_upstream_calls_total{ {{- $s -}} ,outcome!="abandoned"}[{{ . }}]))
  {{- end }}
{{- end -}}
