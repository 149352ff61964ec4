using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Admin.Answers;

namespace Gateway.Admin.SignIn;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(WhoView))]
[JsonSerializable(typeof(SignedIn))]
[JsonSerializable(typeof(WaysView))]
[JsonSerializable(typeof(SignInInput))]
[JsonSerializable(typeof(FirstOperatorInput))]
[JsonSerializable(typeof(InvitationCode))]
[JsonSerializable(typeof(InvitationProvider))]
[JsonSerializable(typeof(InvitationOffer))]
[JsonSerializable(typeof(InvitationAnswer))]
[JsonSerializable(typeof(ProviderStart))]
[JsonSerializable(typeof(PasswordInput))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(PasskeyInput))]
[JsonSerializable(typeof(PasskeyAnswer))]
[JsonSerializable(typeof(PasskeyView))]
[JsonSerializable(typeof(PageView<PasskeyView>))]
[JsonSerializable(typeof(SessionView))]
[JsonSerializable(typeof(PageView<SessionView>))]
internal sealed partial class SignInJson : JsonSerializerContext;
