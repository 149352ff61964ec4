using System.Text.Json.Serialization;
using Gateway.Admin.Answers;

namespace Gateway.Admin.Grants;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(GrantInput))]
[JsonSerializable(typeof(GrantView))]
[JsonSerializable(typeof(GrantCreated))]
[JsonSerializable(typeof(RotateInput))]
[JsonSerializable(typeof(PageView<GrantView>))]
internal sealed partial class GrantJson : JsonSerializerContext;
