using System.Text.Json.Serialization;

namespace Gateway.Admin.Tools;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CatalogueView))]
[JsonSerializable(typeof(ToolPageView))]
[JsonSerializable(typeof(RecommendedPolicyView))]
internal sealed partial class CatalogueJson : JsonSerializerContext;
