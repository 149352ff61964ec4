using System.Text.Json.Serialization;

namespace Gateway.Admin.Tools;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CatalogueView))]
[JsonSerializable(typeof(SearchView))]
[JsonSerializable(typeof(ToolPageView))]
[JsonSerializable(typeof(ClassificationInput))]
[JsonSerializable(typeof(ToolClassInput))]
[JsonSerializable(typeof(DriftView))]
[JsonSerializable(typeof(AcceptedView))]
[JsonSerializable(typeof(UnacceptedView))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(RecommendedPolicyView))]
internal sealed partial class CatalogueJson : JsonSerializerContext;
