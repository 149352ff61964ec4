using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Control.Documents.Kinds;

/// <summary>The JSON of the control documents: camel case, null members omitted, unknown members rejected.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ServerDocument))]
[JsonSerializable(typeof(ServerNamesDocument))]
[JsonSerializable(typeof(GrantDocument))]
[JsonSerializable(typeof(ListDocument))]
[JsonSerializable(typeof(BudgetDocument))]
[JsonSerializable(typeof(GenerationDocument))]
[JsonSerializable(typeof(FirstSeenDocument))]
[JsonSerializable(typeof(LastUsedDocument))]
[JsonSerializable(typeof(EndedDocument))]
[JsonSerializable(typeof(EndedKeysDocument))]
[JsonSerializable(typeof(CheckpointDocument))]
[JsonSerializable(typeof(CandidateDocument))]
[JsonSerializable(typeof(AdminKeyDocument))]
[JsonSerializable(typeof(InvitationDocument))]
[JsonSerializable(typeof(OperatorDocument))]
[JsonSerializable(typeof(OperatorKeyDocument))]
[JsonSerializable(typeof(OperatorSubjectDocument))]
[JsonSerializable(typeof(AbsenceDocument))]
[JsonSerializable(typeof(OperatorUsesDocument))]
[JsonSerializable(typeof(PasskeysDocument))]
[JsonSerializable(typeof(SessionDocument))]
[JsonSerializable(typeof(GuessDocument))]
[JsonSerializable(typeof(PauseDocument))]
[JsonSerializable(typeof(ProtectionKeyDocument))]
[JsonSerializable(typeof(ValueKeyDocument))]
public sealed partial class ControlJsonContext : JsonSerializerContext
{
    /// <summary>Returns the stored content of a document.</summary>
    public static byte[] Write<T>(T document, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        JsonSerializer.SerializeToUtf8Bytes(document, type);
}
