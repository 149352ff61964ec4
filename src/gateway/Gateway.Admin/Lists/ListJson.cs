using System.Text.Json.Serialization;
using Gateway.Admin.Answers;

namespace Gateway.Admin.Lists;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ListInput))]
[JsonSerializable(typeof(ListView))]
[JsonSerializable(typeof(PageView<ListView>))]
internal sealed partial class ListJson : JsonSerializerContext;
