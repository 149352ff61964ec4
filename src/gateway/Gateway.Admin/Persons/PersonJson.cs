using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Admin.Approvals;
using Gateway.Admin.Connections;
using Gateway.Admin.Pausing;

namespace Gateway.Admin.Persons;

/// <summary>A person or program at an issuer. It is named in a body, because access logs contain addresses.</summary>
internal record PersonInput
{
    /// <summary>The name of the issuer in "identity", or its URL.</summary>
    public required string Issuer { get; init; }

    /// <summary>The subject, as audit records contain it in "caller".</summary>
    public required string Subject { get; init; }

    /// <summary>Only records of this grant; absent for all grants.</summary>
    public string? Grant { get; init; }

    /// <summary>Continue where the previous page of an export ended.</summary>
    public string? Cursor { get; init; }
}

/// <summary>A request to erase the data of a person.</summary>
internal sealed record ErasureInput : PersonInput
{
    /// <summary>The reason, which stays in the record. It must not name the person.</summary>
    public required string Reason { get; init; }

    /// <summary>True to erase; otherwise the response only lists what would be erased.</summary>
    public bool Confirm { get; init; }
}

/// <summary>A copy of records that the gateway cannot erase.</summary>
/// <param name="Kind"><c>sink</c>, <c>traces</c> or <c>backups</c>.</param>
/// <param name="Name">The sink's name, or the destination.</param>
/// <param name="Remedy">The action that erases it.</param>
internal sealed record CopyView(string Kind, string Name, string Remedy);

/// <summary>A page of everything that one gateway holds about a person.</summary>
/// <param name="Records">Records of this gateway, in the order of writing.</param>
/// <param name="Next">The <c>cursor</c> of the next page.</param>
/// <param name="More">True if there are further records.</param>
internal sealed record PersonPage(IReadOnlyList<JsonElement> Records, string Next, bool More)
{
    /// <summary>The requests for approval; on the first page only, like the following members.</summary>
    public IReadOnlyList<ApprovalView>? Approvals { get; init; }

    /// <summary>The connections to servers.</summary>
    public IReadOnlyList<ConnectionView>? Connections { get; init; }

    /// <summary>The pauses, revocations and expiries.</summary>
    public IReadOnlyList<SubjectView>? Pauses { get; init; }

    /// <summary>Copies that the gateway does not hold, and therefore cannot export or erase.</summary>
    public IReadOnlyList<CopyView>? Copies { get; init; }

    /// <summary>The frontend that responded.</summary>
    public string Frontend { get; init; } = "";

    /// <summary>True if other gateways share the store; their records are in their own logs.</summary>
    public bool Others { get; init; }
}

/// <summary>The result of an erasure, or of its preview.</summary>
/// <param name="Erased">True if the values were erased; false for a preview.</param>
/// <param name="Records">Number of records whose values were or would be erased.</param>
internal sealed record ErasureView(bool Erased, int Records)
{
    /// <summary>The erasure's id, as in its records; absent for a preview.</summary>
    public string? Id { get; init; }

    /// <summary>
    /// Number of calls whose recorded arguments were erased, if there were any; absent for a preview.
    /// </summary>
    public int? Calls { get; init; }

    /// <summary>Number of ended requests for approval that were or would be deleted from the store.</summary>
    public int Approvals { get; init; }

    /// <summary>Number of changes in the history that named the subject of a pause that has ended.</summary>
    public int Changes { get; init; }

    /// <summary>
    /// Number of records that name the subject where it cannot be erased: those of earlier releases, documents in
    /// records of changes, and records of connecting an account. Retention deletes them.
    /// </summary>
    public long Fixed { get; init; }

    /// <summary>The time of the newest of them.</summary>
    public DateTimeOffset? FixedUntil { get; init; }

    /// <summary>True if a repeated request would erase further records.</summary>
    public bool More { get; init; }

    /// <summary>The first records, for a preview.</summary>
    public IReadOnlyList<JsonElement>? Items { get; init; }

    /// <summary>Number of open requests for approval, which end by themselves.</summary>
    public int OpenApprovals { get; init; }

    /// <summary>Number of connections to servers, which <c>gateway connection revoke</c> deletes.</summary>
    public int Connections { get; init; }

    /// <summary>Number of pauses, revocations and expiries, which <c>gateway subject resume</c> deletes.</summary>
    public int Pauses { get; init; }

    /// <summary>Copies that the gateway cannot erase.</summary>
    public IReadOnlyList<CopyView> Copies { get; init; } = [];

    /// <summary>The frontend that responded.</summary>
    public string Frontend { get; init; } = "";

    /// <summary>True if other gateways share the store; their records are in their own logs.</summary>
    public bool Others { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ErasureInput))]
[JsonSerializable(typeof(ErasureView))]
[JsonSerializable(typeof(PersonInput))]
[JsonSerializable(typeof(PersonPage))]
internal sealed partial class PersonJson : JsonSerializerContext;
