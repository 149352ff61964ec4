using Gateway.Policy.Conditions;
using Gateway.Policy.Results;

namespace Gateway.Policy.Documents;

/// <summary>One element of <c>redact</c>: a path or a pattern.</summary>
internal sealed record RedactionDocument(string Pointer, ArgumentPath? Path, TextPattern? Pattern);
