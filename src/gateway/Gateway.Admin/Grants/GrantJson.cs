using System.Text.Json.Serialization;
using Gateway.Admin.Answers;
using Gateway.Control.Contracts;

namespace Gateway.Admin.Grants;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(GrantSpec))]
[JsonSerializable(typeof(GrantInput))]
[JsonSerializable(typeof(GrantView))]
[JsonSerializable(typeof(GrantCreated))]
[JsonSerializable(typeof(MatchesView))]
[JsonSerializable(typeof(RotateInput))]
[JsonSerializable(typeof(PageView<GrantView>))]
internal sealed partial class GrantJson : JsonSerializerContext;
