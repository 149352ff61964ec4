using System.Text.Json.Serialization;
using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Operators;

namespace Gateway.Admin.Operators;

/// <summary>The period in which an operator is away, and the colleague who decides in that time.</summary>
internal sealed record AbsenceInput
{
    /// <summary>The begin: an instant, or a length from now such as <c>2d</c>; by default now.</summary>
    public string? From { get; init; }

    /// <summary>The end: an instant, or a length from now such as <c>7d</c>; at most 90 days away.</summary>
    public required string Until { get; init; }

    /// <summary>
    /// The operator who decides on requests for approval where the absent one may; by default nobody.
    /// </summary>
    public string? Delegate { get; init; }

    /// <summary>A note for colleagues, on one line of at most 200 characters.</summary>
    public string? Note { get; init; }
}

/// <summary>An operator's absence.</summary>
/// <param name="Operator">The absent operator.</param>
/// <param name="DisplayName">The person's display name.</param>
/// <param name="From">The begin.</param>
/// <param name="Until">The end.</param>
/// <param name="Delegate">The operator who decides on requests for approval; null for nobody.</param>
/// <param name="Note">The note for colleagues.</param>
/// <param name="State"><c>planned</c>, <c>away</c> or <c>ended</c>.</param>
/// <param name="Decides">
/// True if the delegate can decide now. False before and after the absence, if one of the two accounts is disabled or
/// removed, or if the absent operator may not decide on any server.
/// </param>
internal sealed record AbsenceView(
    string Operator,
    string? DisplayName,
    DateTimeOffset From,
    DateTimeOffset Until,
    string? Delegate,
    string? Note,
    string State,
    bool Decides)
{
    /// <summary>Returns the view of an absence at an instant.</summary>
    public static AbsenceView Of(OperatorAbsence one, long nowMs) => new(
        one.Owner.Name, one.Owner.DisplayName, one.Stored.From, one.Stored.Until, one.Stored.Delegate, one.Stored.Note,
        one.HasEnded(nowMs) ? "ended" : one.IsInEffect(nowMs) ? "away" : "planned", one.Delegates(null, nowMs));
}

/// <summary>An operator who can be named as a delegate.</summary>
/// <param name="Name">The name.</param>
/// <param name="DisplayName">The person's display name.</param>
internal sealed record DelegateView(string Name, string? DisplayName);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AbsenceInput))]
[JsonSerializable(typeof(AbsenceView))]
[JsonSerializable(typeof(PageView<AbsenceView>))]
[JsonSerializable(typeof(PageView<DelegateView>))]
internal sealed partial class AbsenceJson : JsonSerializerContext;
