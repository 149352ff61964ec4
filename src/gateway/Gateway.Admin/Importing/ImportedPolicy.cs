using System.Text.Json.Nodes;

namespace Gateway.Admin.Importing;

/// <summary>A policy read from another product's file.</summary>
/// <param name="Document">The policy document; the loader accepts it.</param>
/// <param name="Notes">The parts that could not be carried over. Where the source would have denied calls, the policy
/// denies more of them.</param>
public sealed record ImportedPolicy(JsonObject Document, IReadOnlyList<ImportNote> Notes);
