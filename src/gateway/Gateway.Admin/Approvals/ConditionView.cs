using System.Text.Json;

namespace Gateway.Admin.Approvals;

/// <summary>A condition on an argument, as a policy has it.</summary>
/// <param name="Path">Which argument.</param>
/// <param name="Op">How it is compared.</param>
/// <param name="Value">With what.</param>
internal sealed record ConditionView(string Path, string Op, JsonElement Value);
