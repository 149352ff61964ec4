using System.Text.Json.Serialization;

namespace Gateway.Catalogue.Classifying;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(OperatorClassification))]
internal sealed partial class ClassifyingJson : JsonSerializerContext;
