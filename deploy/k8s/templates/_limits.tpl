{{/* Takes root and component: the arguments of the rate limit service, or nothing. */}}
{{- define "policy-gateway.limitArguments" -}}
{{- $service := .root.Values.rateLimitService -}}
{{- if and $service.enabled (ne .component "silo") }}
- --rls-listen
- {{ include "policy-gateway.listen" (dict "root" .root "port" "rate-limit") }}
- --rls-config
- /etc/gateway-limits
{{- if $service.existingSecret }}
- --rls-token-file
- /etc/gateway-limit-tokens/{{ $service.existingSecretKey }}
{{- end }}
{{- if $service.clientCaSecret }}
- --rls-client-ca
- /etc/gateway-limit-ca/ca.crt
{{- end }}
{{- end }}
{{- end -}}

{{/* Takes root and component. */}}
{{- define "policy-gateway.limitVolumeMounts" -}}
{{- $service := .root.Values.rateLimitService -}}
{{- if and $service.enabled (ne .component "silo") -}}
- name: gateway-limits
  mountPath: /etc/gateway-limits
  readOnly: true
{{- if $service.existingSecret }}
- name: gateway-limit-tokens
  mountPath: /etc/gateway-limit-tokens
  readOnly: true
{{- end }}
{{- if $service.clientCaSecret }}
- name: gateway-limit-ca
  mountPath: /etc/gateway-limit-ca
  readOnly: true
{{- end }}
{{- end }}
{{- end -}}

{{/* Takes root and component. */}}
{{- define "policy-gateway.limitVolumes" -}}
{{- $service := .root.Values.rateLimitService -}}
{{- if and $service.enabled (ne .component "silo") }}
- name: gateway-limits
  configMap:
    name: {{ include "policy-gateway.fullname" .root }}-limits
{{- with $service.existingSecret }}
- name: gateway-limit-tokens
  secret:
    secretName: {{ . }}
{{- end }}
{{- with $service.clientCaSecret }}
- name: gateway-limit-ca
  secret:
    secretName: {{ . }}
{{- end }}
{{- end }}
{{- end -}}
