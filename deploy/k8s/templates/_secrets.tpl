{{- define "policy-gateway.adminSecretName" -}}
{{- .Values.adminKey.existingSecret | default (printf "%s-admin-key" (include "policy-gateway.fullname" .)) -}}
{{- end -}}

{{- define "policy-gateway.storeSecretName" -}}
{{- $existing := ternary .Values.store.azure.existingSecret .Values.store.postgres.existingSecret (eq .Values.store.type "azure") -}}
{{- $existing | default (printf "%s-store" (include "policy-gateway.fullname" .)) -}}
{{- end -}}

{{/* Takes root, secret (a name) and key. Returns the value in the existing Secret, or nothing. */}}
{{- define "policy-gateway.kept" -}}
{{- $secret := lookup "v1" "Secret" .root.Release.Namespace .secret | default dict -}}
{{- get ($secret.data | default dict) .key | b64dec -}}
{{- end -}}

{{- define "policy-gateway.adminKey" -}}
{{- $name := include "policy-gateway.adminSecretName" . -}}
{{- $kept := include "policy-gateway.kept" (dict "root" . "secret" $name "key" "admin-key") -}}
{{- .Values.adminKey.value | default $kept | default (randAlphaNum 48) -}}
{{- end -}}

{{/* Value in the store Secret that the chart creates: the database password or the connection string. */}}
{{- define "policy-gateway.storeSecretValue" -}}
{{- $azure := eq .Values.store.type "azure" -}}
{{- $given := ternary .Values.store.azure.connectionString .Values.store.postgres.password $azure -}}
{{- $key := ternary "connection-string" "password" $azure -}}
{{- $name := include "policy-gateway.storeSecretName" . -}}
{{- $given | default (include "policy-gateway.kept" (dict "root" . "secret" $name "key" $key)) -}}
{{- end -}}

{{/* Returns "true" if the chart creates the store's Secret, or nothing. */}}
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

{{/* Secrets of a component from the values, or nothing. Takes root and component. */}}
{{- define "policy-gateway.givenSecrets" -}}
{{- $given := dict -}}
{{- if include "policy-gateway.makesStoreSecret" .root -}}
{{- $value := include "policy-gateway.storeSecretValue" .root -}}
{{- $url := include "policy-gateway.postgresUrl" (dict "root" .root "password" $value) -}}
{{- $_ := set $given "store" (ternary $value $url (eq .root.Values.store.type "azure")) -}}
{{- end -}}
{{- if ne .component "silo" -}}
{{- with .root.Values.adminKey.value }}{{ $_ := set $given "adminKey" . }}{{ end -}}
{{- with .root.Values.secretEnv }}{{ $_ := set $given "env" . }}{{ end -}}
{{- end -}}
{{- if $given }}{{ toJson $given }}{{ end -}}
{{- end -}}

{{/* Returns "true" if the chart creates the Secret with the salt, or nothing. */}}
{{- define "policy-gateway.makesSalt" -}}
{{- if and (not .Values.secretSalt) (include "policy-gateway.givenSecrets" (dict "root" . "component" "")) }}true{{ end -}}
{{- end -}}

{{/* The same salt for the whole render: the first use generates it unless it is set or stored. */}}
{{- define "policy-gateway.salt" -}}
{{- if not (hasKey .Values "madeSalt") -}}
{{- $kept := include "policy-gateway.kept" (dict "root" . "secret" (printf "%s-salt" (include "policy-gateway.fullname" .)) "key" "salt") -}}
{{- $_ := set .Values "madeSalt" (.Values.secretSalt | default $kept | default (randAlphaNum 48)) -}}
{{- end -}}
{{- .Values.madeSalt -}}
{{- end -}}

{{/* Checksum that restarts pods when a secret in the values changes, or nothing if there is none. The salt is also secret, so
those who can read pods but not Secrets cannot guess passwords from the checksum. Takes root and component. */}}
{{- define "policy-gateway.secretChecksum" -}}
{{- with include "policy-gateway.givenSecrets" . -}}
{{- printf "%s %s" (include "policy-gateway.salt" $.root) . | sha256sum -}}
{{- end -}}
{{- end -}}
