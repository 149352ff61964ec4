namespace Gateway.Admin.Lists;

/// <summary>A list in an overview; its own path has the values.</summary>
/// <param name="Name">The name of the list.</param>
/// <param name="Count">The number of its values; absent if it cannot be read.</param>
/// <param name="Origin"><c>file</c> or <c>api</c>.</param>
/// <param name="Policies">The policies that refer to it.</param>
/// <param name="Changed">The number of values that a change added or removed.</param>
internal sealed record ListView(
    string Name, int? Count, string Origin, IReadOnlyList<string> Policies, int? Changed = null);
