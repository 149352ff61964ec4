namespace Gateway.Admin.Lists;

/// <summary>A list as lists of them show it; the values are at its own address.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Count">How many values it has; absent where it cannot be read.</param>
/// <param name="Origin"><c>file</c> or <c>api</c>.</param>
/// <param name="Policies">Which policies name it.</param>
/// <param name="Changed">How many values a change added or took out.</param>
internal sealed record ListView(
    string Name, int? Count, string Origin, IReadOnlyList<string> Policies, int? Changed = null);
