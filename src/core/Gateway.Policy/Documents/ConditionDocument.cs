using Gateway.Policy.Conditions;

namespace Gateway.Policy.Documents;

/// <summary>One element of <c>require</c>, <c>deny_if</c> or <c>approve_if</c>, and its location.</summary>
internal sealed record ConditionDocument(string Pointer, Condition Condition);
