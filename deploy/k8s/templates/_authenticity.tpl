{{/* The keys that authenticate control documents, for every process that reads them. Each template takes root and component. */}}
{{- define "policy-gateway.authenticityArguments" -}}
{{- $keys := .root.Values.store.authenticity -}}
{{- if and $keys.existingSecret (ne .component "silo") }}
- --store-key
- /etc/gateway-store-keys/{{ $keys.existingSecretKey }}
{{- end }}
{{- end -}}

{{- define "policy-gateway.authenticityVolumeMounts" -}}
{{- if and .root.Values.store.authenticity.existingSecret (ne .component "silo") -}}
- name: gateway-store-keys
  mountPath: /etc/gateway-store-keys
  readOnly: true
{{- end }}
{{- end -}}

{{- define "policy-gateway.authenticityVolumes" -}}
{{- if and .root.Values.store.authenticity.existingSecret (ne .component "silo") }}
- name: gateway-store-keys
  secret:
    secretName: {{ .root.Values.store.authenticity.existingSecret }}
{{- end }}
{{- end -}}
