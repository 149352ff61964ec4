{{/* Host names that agents, operators and the release's test use for the gateway, which rejects others (DNS rebinding). */}}
{{- define "policy-gateway.allowedHosts" -}}
{{- $hosts := .Values.config.allowedHosts | default list -}}
{{- $name := include "policy-gateway.fullname" . -}}
{{- range $service := list $name (printf "%s-admin" $name) -}}
{{- $qualified := printf "%s.%s" $service $.Release.Namespace -}}
{{- $hosts = concat $hosts (list $service $qualified (printf "%s.svc" $qualified) (printf "%s.svc.%s" $qualified $.Values.clusterDomain)) -}}
{{- end -}}
{{- if .Values.ingress.enabled -}}
{{- range .Values.ingress.hosts }}{{ $hosts = append $hosts .host }}{{ end -}}
{{- end -}}
{{- if .Values.httpRoute.enabled }}{{ $hosts = concat $hosts .Values.httpRoute.hostnames }}{{ end -}}
{{- $hosts | uniq | toJson -}}
{{- end -}}

{{/* The file gateway.json. */}}
{{- define "policy-gateway.configJson" -}}
{{- $config := deepCopy .Values.config -}}
{{- if not $config.publicUrl }}{{ $config = omit $config "publicUrl" }}{{ end -}}
{{- $_ := set $config "allowedHosts" (include "policy-gateway.allowedHosts" . | fromJsonArray) -}}
{{- $_ := set $config "admin" (merge (dict "key" "${GATEWAY_ADMIN_KEY}") ($config.admin | default dict)) -}}
{{- toPrettyJson $config -}}
{{- end -}}

{{/* Data of the ConfigMap. */}}
{{- define "policy-gateway.configData" -}}
gateway.json: |
  {{- include "policy-gateway.configJson" . | nindent 2 }}
{{- range $name, $content := .Values.policyFiles }}
{{ $name }}: |
  {{- if kindIs "string" $content }}
  {{- $content | nindent 2 }}
  {{- else }}
  {{- toPrettyJson $content | nindent 2 }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* Suffix of the ConfigMap's name. If changes restart pods, it contains a hash of the content, so that a pod of the
previous revision keeps its files, also when its container restarts. */}}
{{- define "policy-gateway.configSuffix" -}}
config{{ if .Values.restartOnConfigChange }}-{{ include "policy-gateway.configData" . | sha256sum | trunc 10 }}{{ end }}
{{- end -}}

{{/* Names of the ConfigMaps that pods of this release currently use, as JSON. An upgrade keeps them until the next upgrade. */}}
{{- define "policy-gateway.usedConfigs" -}}
{{- $names := list -}}
{{- $selector := include "policy-gateway.selectorLabels" (dict "root" . "component" (include "policy-gateway.publicComponent" .)) | fromYaml -}}
{{- range (lookup "apps/v1" "ReplicaSet" .Release.Namespace "").items -}}
{{- $labels := .metadata.labels | default dict -}}
{{- $own := gt (int .spec.replicas) 0 -}}
{{- range $key, $value := $selector }}{{ if ne (get $labels $key) $value }}{{ $own = false }}{{ end }}{{ end -}}
{{- range .spec.template.spec.volumes -}}
{{- if and $own (eq .name "config") .configMap }}{{ $names = append $names .configMap.name }}{{ end -}}
{{- end -}}
{{- end -}}
{{- $names | uniq | toJson -}}
{{- end -}}

{{/* Takes root and the suffix of the ConfigMap that the chart creates. */}}
{{- define "policy-gateway.configVolume" -}}
{{- $values := .root.Values -}}
configMap:
  name: {{ $values.existingConfigMap | default (printf "%s-%s" (include "policy-gateway.fullname" .root) .suffix) }}
  {{- if $values.existingConfigMap }}
  {{- with $values.existingConfigMapItems }}
  items:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- else }}
  items:
    - key: gateway.json
      path: gateway.json
    {{- range $name, $_ := $values.policyFiles }}
    - key: {{ $name }}
      path: policies/{{ $name }}
    {{- end }}
  {{- end }}
{{- end -}}
