# Installs the chart of deploy/k8s with Terraform. The state contains no secrets: the values refer to Secrets that exist in
# the cluster or that External Secrets creates (docs/how-to/kubernetes.md).
#   terraform init && terraform apply -var values=gateway.yaml
terraform {
  required_version = ">= 1.5"

  required_providers {
    helm = {
      source  = "hashicorp/helm"
      version = "~> 3.0"
    }
  }
}

variable "values" {
  description = "The chart's values, a YAML file."
  type        = string
}

variable "namespace" {
  description = "Where the gateway runs; made where it is missing."
  type        = string
  default     = "gateway"
}

variable "kubeconfig" {
  description = "The cluster, as kubectl knows it."
  type        = string
  default     = "~/.kube/config"
}

variable "kube_context" {
  description = "A context of that file; null takes the current one."
  type        = string
  default     = null
}

provider "helm" {
  kubernetes = {
    config_path    = var.kubeconfig
    config_context = var.kube_context
  }
}

resource "helm_release" "gateway" {
  name             = "gw"
  namespace        = var.namespace
  create_namespace = true
  chart            = "${path.module}/../k8s"
  values           = [file(var.values)]

  # A release whose pods do not become ready is rolled back; each frontend drains for up to 90 seconds.
  atomic  = true
  timeout = 900

  lifecycle {
    precondition {
      condition     = try(yamldecode(file(var.values)).adminKey.existingSecret, "") != ""
      error_message = "Name a Secret in adminKey.existingSecret: a key that the chart makes would be in the plan."
    }
  }
}

output "next" {
  description = "How to see whether it works."
  value       = "helm test gw --namespace ${var.namespace}"
}
