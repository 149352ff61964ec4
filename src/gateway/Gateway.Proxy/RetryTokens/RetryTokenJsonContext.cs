using System.Text.Json.Serialization;

namespace Gateway.Proxy.RetryTokens;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(RetryTokenDocument))]
internal sealed partial class RetryTokenJsonContext : JsonSerializerContext;
