using System.Text.Json.Serialization;

namespace Gateway.Control.Documents.OAuth;

/// <summary>Serializes the documents of the authorization server.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ClientDocument))]
[JsonSerializable(typeof(RequestDocument))]
[JsonSerializable(typeof(CodeDocument))]
[JsonSerializable(typeof(TokenDocument))]
[JsonSerializable(typeof(TokenKeyDocument))]
[JsonSerializable(typeof(AssertionDocument))]
public sealed partial class OAuthJson : JsonSerializerContext;
