using System.Text.Json.Serialization;
using Gateway.Admin.Answers;

namespace Gateway.Admin.Operators;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(OperatorInput))]
[JsonSerializable(typeof(OperatorView))]
[JsonSerializable(typeof(PageView<OperatorView>))]
[JsonSerializable(typeof(KeyInput))]
[JsonSerializable(typeof(KeyView))]
[JsonSerializable(typeof(KeyCreated))]
[JsonSerializable(typeof(PageView<KeyView>))]
[JsonSerializable(typeof(BreakGlassView))]
[JsonSerializable(typeof(InvitationInput))]
[JsonSerializable(typeof(InvitationView))]
[JsonSerializable(typeof(InvitationCreated))]
[JsonSerializable(typeof(PageView<InvitationView>))]
internal sealed partial class OperatorJson : JsonSerializerContext;
