using System.Collections.Immutable;
using Gateway.Policy.Conditions;
using Gateway.Policy.Results;

namespace Gateway.Policy.Documents;

/// <summary><c>results</c> as written.</summary>
internal sealed record ResultsDocument
{
    public static ResultsDocument None { get; } = new();

    public ImmutableArray<RedactionDocument> Redact { get; init; } = [];

    public ImmutableArray<ConditionDocument> DenyIf { get; init; } = [];

    /// <summary>Returns the rules in their order: denials first, then redactions.</summary>
    public IEnumerable<ResultRule> Rules(bool isShadow) =>
    [
        .. DenyIf.Select(written => new ResultRule(written.Pointer, isShadow, DenyIf: written.Condition)),
        .. Redact.Select(written => new ResultRule(written.Pointer, isShadow, written.Path, written.Pattern)),
    ];
}

/// <summary>One element of <c>redact</c>: a path or a pattern.</summary>
internal sealed record RedactionDocument(string Pointer, ArgumentPath? Path, TextPattern? Pattern);
