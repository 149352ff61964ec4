using System.Text.Json.Nodes;

namespace Gateway.Admin.Importing;

/// <summary>A policy read from another product's file.</summary>
/// <param name="Document">The policy document; the loader accepts it.</param>
/// <param name="Notes">What could not be carried over; what would have denied, denies more instead.</param>
public sealed record ImportedPolicy(JsonObject Document, IReadOnlyList<ImportNote> Notes);
