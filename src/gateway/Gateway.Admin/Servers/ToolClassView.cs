using Gateway.Catalogue.Classifying;
using Gateway.Policy.Classes;
using Gateway.Proxy.Pinning;

namespace Gateway.Admin.Servers;

/// <summary>The accepted class of a tool.</summary>
/// <param name="Name">The class that policies use; <c>uncertain</c> if there is none.</param>
/// <param name="Accepted">
/// The class that was accepted with a definition. It differs from the name if the definition has changed since; absent
/// if none was accepted.
/// </param>
/// <param name="Proposed">The class that accepting the tool would give it now.</param>
/// <param name="Origin"><c>operator</c>, or the classifier with its version.</param>
/// <param name="By">The person who accepted it; <c>(baseline)</c> for the first complete list.</param>
/// <param name="At">The time of acceptance.</param>
/// <param name="Reason">The reason of the operator who chose it.</param>
internal sealed record ToolClassView(
    string Name, string? Accepted, string Proposed, string? Origin, string? By, DateTimeOffset? At, string? Reason)
{
    public static ToolClassView Of(PinnedTools pinned, string server, string tool, Classification found)
    {
        var accepted = pinned.AcceptedOf(server, tool)?.Class;
        var proposed = accepted is { Origin: AcceptedClass.OfOperator } ? accepted.Value : found.Class();
        return new ToolClassView(
            ToolClasses.NameOf(pinned.ClassOf(server, tool)), accepted?.Name, ToolClasses.NameOf(proposed),
            accepted?.Origin, accepted?.By, accepted?.At, accepted?.Reason);
    }
}
