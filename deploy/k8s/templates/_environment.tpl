{{/* Takes name, secret and key. */}}
{{- define "policy-gateway.secretVariable" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ .secret }}
      key: {{ .key }}
{{- end -}}

{{- define "policy-gateway.storeEnvironment" -}}
{{- $secret := include "policy-gateway.storeSecretName" . -}}
{{- $postgres := .Values.store.postgres -}}
{{- $azure := .Values.store.azure -}}
{{- if eq .Values.store.type "azure" -}}
{{- if $azure.workloadIdentity.enabled -}}
- name: GATEWAY_AZURE_BLOB_URL
  value: {{ printf "https://%s.blob.%s" $azure.account $azure.endpointSuffix | quote }}
- name: GATEWAY_AZURE_TABLE_URL
  value: {{ printf "https://%s.table.%s" $azure.account $azure.endpointSuffix | quote }}
{{- else -}}
{{- $key := ternary $azure.existingSecretKey "connection-string" (ne $azure.existingSecret "") -}}
{{ include "policy-gateway.secretVariable" (dict "name" "GATEWAY_STORE" "secret" $secret "key" $key) }}
{{- end -}}
{{- else if not $postgres.existingSecret -}}
{{ include "policy-gateway.secretVariable" (dict "name" "GATEWAY_STORE" "secret" $secret "key" "url") }}
{{- else if $postgres.existingSecretUrlKey -}}
{{ include "policy-gateway.secretVariable" (dict "name" "GATEWAY_STORE" "secret" $secret "key" $postgres.existingSecretUrlKey) }}
{{- else -}}
- name: GATEWAY_STORE
  value: {{ include "policy-gateway.postgresUrl" (dict "root" .) | quote }}
{{ include "policy-gateway.secretVariable" (dict "name" "PGPASSWORD" "secret" $secret "key" $postgres.existingSecretPasswordKey) }}
{{- end -}}
{{- end -}}

{{/* Environment of gateway-cluster, except --role. Takes root, component and values. */}}
{{- define "policy-gateway.clusterEnvironment" -}}
{{- $fullname := include "policy-gateway.fullname" .root -}}
{{- $silos := .root.Values.silos -}}
- name: POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: POD_IP
  valueFrom:
    fieldRef:
      fieldPath: status.podIP
- name: GATEWAY_CLUSTERING
  value: {{ .root.Values.store.type }}
- name: GATEWAY_CLUSTER_ID
  value: {{ include "policy-gateway.clusterId" .root | quote }}
- name: GATEWAY_SERVICE_ID
  value: {{ $silos.serviceId | default $fullname | quote }}
- name: GATEWAY_ADMIN_LISTEN
  value: {{ include "policy-gateway.listen" (dict "root" .root "port" "admin") | quote }}
{{- if eq .component "silo" }}
- name: GATEWAY_SILO_PORT
  value: {{ int $silos.siloPort | quote }}
- name: GATEWAY_CLIENT_PORT
  value: {{ int $silos.clientPort | quote }}
{{- else }}
- name: GATEWAY_LISTEN
  value: {{ include "policy-gateway.listen" (dict "root" .root "port" "http") | quote }}
- name: GATEWAY_CONFIG
  value: /etc/gateway/gateway.json
- name: GATEWAY_DATA
  value: /var/lib/gateway
- name: GATEWAY_DURABILITY
  value: {{ .values.durability }}
{{- end }}
{{- include "policy-gateway.tlsEnvironment" . }}
{{- end -}}

{{/* Takes root, component and values. A later entry may use an earlier one as $(NAME). */}}
{{- define "policy-gateway.environment" -}}
- name: DOTNET_SHUTDOWNTIMEOUTSECONDS
  value: {{ int .values.shutdownSeconds | quote }}
{{- range $name, $value := dict "GATEWAY_LOG_FORMAT" .root.Values.logs.format "GATEWAY_LOG_LEVEL" .root.Values.logs.level "GATEWAY_READY_WHILE" (get .values "readyWhile") }}
{{- with $value }}
- name: {{ $name }}
  value: {{ . | quote }}
{{- end }}
{{- end }}
{{- if ne .component "silo" }}
{{- $key := ternary .root.Values.adminKey.existingSecretKey "admin-key" (ne .root.Values.adminKey.existingSecret "") }}
{{ include "policy-gateway.secretVariable" (dict "name" "GATEWAY_ADMIN_KEY" "secret" (include "policy-gateway.adminSecretName" .root) "key" $key) }}
{{- end }}
{{- if ne .component "single" }}
{{ include "policy-gateway.storeEnvironment" .root }}
{{- end }}
{{- if eq .root.Values.profile "cluster" }}
{{ include "policy-gateway.clusterEnvironment" . }}
{{- end }}
{{- with concat .root.Values.extraEnv .values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}
