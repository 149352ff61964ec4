using System.Text.Json;

namespace Gateway.Admin.Approvals;

/// <summary>A condition on an argument, in the format of a policy.</summary>
/// <param name="Path">The path of the argument.</param>
/// <param name="Op">The comparison.</param>
/// <param name="Value">The value to compare with.</param>
internal sealed record ConditionView(string Path, string Op, JsonElement Value);
