{{- define "policy-gateway.adminSecretName" -}}
{{- .Values.adminKey.existingSecret | default (printf "%s-admin-key" (include "policy-gateway.fullname" .)) -}}
{{- end -}}

{{- define "policy-gateway.storeSecretName" -}}
{{- $existing := ternary .Values.store.azure.existingSecret .Values.store.postgres.existingSecret (eq .Values.store.type "azure") -}}
{{- $existing | default (printf "%s-store" (include "policy-gateway.fullname" .)) -}}
{{- end -}}

{{/* Takes root, secret (a name) and key: what the Secret in the Kubernetes cluster holds, or nothing. */}}
{{- define "policy-gateway.kept" -}}
{{- $secret := lookup "v1" "Secret" .root.Release.Namespace .secret | default dict -}}
{{- get ($secret.data | default dict) .key | b64dec -}}
{{- end -}}

{{- define "policy-gateway.adminKey" -}}
{{- $name := include "policy-gateway.adminSecretName" . -}}
{{- $kept := include "policy-gateway.kept" (dict "root" . "secret" $name "key" "admin-key") -}}
{{- .Values.adminKey.value | default $kept | default (randAlphaNum 48) -}}
{{- end -}}

{{/* What the chart's own store Secret keeps: the database password or the connection string. */}}
{{- define "policy-gateway.storeSecretValue" -}}
{{- $azure := eq .Values.store.type "azure" -}}
{{- $given := ternary .Values.store.azure.connectionString .Values.store.postgres.password $azure -}}
{{- $key := ternary "connection-string" "password" $azure -}}
{{- $name := include "policy-gateway.storeSecretName" . -}}
{{- $given | default (include "policy-gateway.kept" (dict "root" . "secret" $name "key" $key)) -}}
{{- end -}}

{{/* Whether the chart makes the store's Secret: "true" or nothing. */}}
{{- define "policy-gateway.makesStoreSecret" -}}
{{- $azure := .Values.store.azure -}}
{{- if eq .Values.profile "single" -}}
{{- else if eq .Values.store.type "azure" -}}
{{- if not (or $azure.existingSecret $azure.workloadIdentity.enabled) }}true{{ end -}}
{{- else if not .Values.store.postgres.existingSecret -}}
true
{{- end -}}
{{- end -}}

{{- define "policy-gateway.urlEncode" -}}
{{- urlquery . | replace "+" "%20" -}}
{{- end -}}

{{/* Takes root and password; without a password the client reads PGPASSWORD. */}}
{{- define "policy-gateway.postgresUrl" -}}
{{- $postgres := .root.Values.store.postgres -}}
postgres://{{ include "policy-gateway.urlEncode" $postgres.user }}
{{- with .password }}:{{ include "policy-gateway.urlEncode" . }}{{ end -}}
@{{ $postgres.host }}:{{ int $postgres.port }}/{{ include "policy-gateway.urlEncode" $postgres.database -}}
?sslmode={{ $postgres.sslMode }}
{{- end -}}

{{/* Hash of every given secret; what was made and kept does not change and is left out. */}}
{{- define "policy-gateway.secretChecksum" -}}
{{- dict "store" .Values.store "adminKey" .Values.adminKey "secretEnv" .Values.secretEnv | toJson | sha256sum -}}
{{- end -}}
