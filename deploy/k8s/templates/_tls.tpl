{{/* Takes root and port (http, admin, registry or rate-limit): "https" or "http". All except admin use the agents' certificate. */}}
{{- define "policy-gateway.scheme" -}}
{{- $tls := .root.Values.tls -}}
{{- ternary "https" "http" (ternary $tls.enabled $tls.admin.enabled (ne .port "admin")) -}}
{{- end -}}

{{/* Address on which a process listens. Takes root and port, as above. */}}
{{- define "policy-gateway.listen" -}}
{{- $number := get (dict "http" 8080 "admin" 9090 "registry" 8443 "rate-limit" 8081) .port -}}
{{- include "policy-gateway.scheme" . }}://{{ .root.Values.listenAddress }}:{{ $number -}}
{{- end -}}

{{/* Certificates that a component reads, as a map from directories under /etc to Secrets. Takes root and component. */}}
{{- define "policy-gateway.certificates" -}}
{{- $tls := .root.Values.tls -}}
{{- $all := dict -}}
{{- if and $tls.enabled (ne .component "silo") }}{{ $_ := set $all "gateway-tls" $tls.existingSecret }}{{ end -}}
{{- if $tls.admin.enabled }}{{ $_ := set $all "gateway-admin-tls" ($tls.admin.existingSecret | default $tls.existingSecret) }}{{ end -}}
{{- with include "policy-gateway.clusterTlsSecret" . }}{{ $_ := set $all "gateway-cluster-tls" . }}{{ end -}}
{{- toJson $all -}}
{{- end -}}

{{/* Secret with a component's certificate for mutual TLS, or nothing. Takes root and component. */}}
{{- define "policy-gateway.clusterTlsSecret" -}}
{{- $tls := .root.Values.clusterTls -}}
{{- if or (ne .root.Values.profile "cluster") (eq $tls.source "none") -}}
{{- else if eq $tls.source "existingSecrets" -}}
{{- get $tls.existingSecrets .component -}}
{{- else -}}
{{- include "policy-gateway.fullname" .root }}-{{ .component }}-tls
{{- end -}}
{{- end -}}

{{- define "policy-gateway.clusterId" -}}
{{- .Values.silos.clusterId | default (include "policy-gateway.fullname" .) -}}
{{- end -}}

{{/* The DNS name by which peers know a component; it is never resolved. Takes root and component. */}}
{{- define "policy-gateway.peerName" -}}
{{- .component }}.{{ include "policy-gateway.clusterId" .root }}.policy-gateway.internal
{{- end -}}

{{/* Takes root and component: the arguments of `gateway run`. */}}
{{- define "policy-gateway.tlsArguments" -}}
{{- range $folder, $secret := include "policy-gateway.certificates" . | fromJson }}
{{- $option := trimPrefix "gateway-" $folder }}
- --{{ $option }}-cert
- /etc/{{ $folder }}/tls.crt
- --{{ $option }}-key
- /etc/{{ $folder }}/tls.key
{{- end }}
{{- end -}}

{{/* Takes root and component: the environment of gateway-cluster. */}}
{{- define "policy-gateway.tlsEnvironment" -}}
{{- $certificates := include "policy-gateway.certificates" . | fromJson }}
{{- if hasKey $certificates "gateway-tls" }}
- name: GATEWAY_TLS_CERT
  value: /etc/gateway-tls/tls.crt
- name: GATEWAY_TLS_KEY
  value: /etc/gateway-tls/tls.key
{{- end }}
{{- if hasKey $certificates "gateway-cluster-tls" }}
- name: GATEWAY_CLUSTER_CERT
  value: /etc/gateway-cluster-tls/tls.crt
- name: GATEWAY_CLUSTER_KEY
  value: /etc/gateway-cluster-tls/tls.key
- name: GATEWAY_CLUSTER_CA
  value: /etc/gateway-cluster-tls/ca.crt
{{- else if eq .root.Values.profile "cluster" }}
- name: GATEWAY_INSECURE_CLUSTER
  value: "true"
{{- end }}
{{- if hasKey $certificates "gateway-admin-tls" }}
- name: GATEWAY_ADMIN_TLS_CERT
  value: /etc/gateway-admin-tls/tls.crt
- name: GATEWAY_ADMIN_TLS_KEY
  value: /etc/gateway-admin-tls/tls.key
{{- end }}
{{- end -}}

{{/* Takes root and component. */}}
{{- define "policy-gateway.tlsVolumeMounts" -}}
{{- range $folder, $secret := include "policy-gateway.certificates" . | fromJson }}
- name: {{ $folder }}
  mountPath: /etc/{{ $folder }}
  readOnly: true
{{- end }}
{{- end -}}

{{/* Takes root and component. */}}
{{- define "policy-gateway.tlsVolumes" -}}
{{- range $folder, $secret := include "policy-gateway.certificates" . | fromJson }}
- name: {{ $folder }}
  secret:
    secretName: {{ $secret }}
{{- end }}
{{- end -}}

{{/* Scrape settings of a monitor. Takes root and the monitor's values. */}}
{{- define "policy-gateway.scrape" -}}
path: /metrics
{{- if .root.Values.tls.admin.enabled }}
scheme: https
tlsConfig:
  {{- .values.tlsConfig | default (dict "serverName" (printf "%s-admin.%s.svc" (include "policy-gateway.fullname" .root) .root.Release.Namespace)) | toYaml | nindent 2 }}
{{- end }}
interval: {{ .values.interval }}
scrapeTimeout: {{ .values.scrapeTimeout }}
{{- with .values.relabelings }}
relabelings:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.metricRelabelings }}
metricRelabelings:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
