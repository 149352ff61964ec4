{{- define "policy-gateway.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{/* At most 50 characters, so that every suffix of the chart fits into a name of 63. */}}
{{- define "policy-gateway.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* The component to which agents connect. */}}
{{- define "policy-gateway.publicComponent" -}}
{{- if eq .Values.profile "single" }}single{{ else }}frontend{{ end -}}
{{- end -}}

{{/* Takes root and component. Must not contain anything that changes with a version, because selectors are immutable. */}}
{{- define "policy-gateway.selectorLabels" -}}
app.kubernetes.io/name: {{ include "policy-gateway.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{/* Takes root, component, and optionally labels. */}}
{{- define "policy-gateway.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/part-of: policy-gateway
{{ include "policy-gateway.selectorLabels" . }}
{{- with merge (dict) (.labels | default dict) .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Takes root, component, name (a suffix or empty), and optionally labels and annotations. */}}
{{- define "policy-gateway.metadata" -}}
name: {{ include "policy-gateway.fullname" .root }}{{ with .name }}-{{ . }}{{ end }}
namespace: {{ .namespace | default .root.Release.Namespace }}
labels:
  {{- include "policy-gateway.labels" . | nindent 2 }}
{{- with merge (dict) (.annotations | default dict) .root.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "policy-gateway.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "policy-gateway.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "policy-gateway.image" -}}
{{- $repository := ternary .Values.image.clusterRepository .Values.image.repository (eq .Values.profile "cluster") -}}
{{- with .Values.image.registry }}{{ trimSuffix "/" . }}/{{ end -}}
{{- $repository -}}
{{- if .Values.image.digest }}@{{ .Values.image.digest }}{{ else }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end -}}
{{- end -}}
