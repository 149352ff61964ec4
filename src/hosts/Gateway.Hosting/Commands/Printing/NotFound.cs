using Gateway.Admin.Answers;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Printing;

/// <summary>
/// The error that a name does not exist: one form of message and one exit code for names of all kinds.
/// </summary>
internal static class NotFound
{
    /// <summary>Prints the message, with suggestions of similar names.</summary>
    /// <param name="kind">The kind of object, such as a grant, a counter or a context.</param>
    /// <param name="name">The unknown name.</param>
    /// <param name="known">The names that exist.</param>
    /// <returns>The exit code.</returns>
    public static int Say(string kind, string name, IEnumerable<string> known) =>
        Say(kind, name, Spelling.Nearest(name, known));

    /// <summary>Prints the message for a name that the gateway reported as unknown.</summary>
    public static int Say(UnknownName unknown) => Say(unknown.Kind, unknown.Name, unknown.DidYouMean);

    private static int Say(string kind, string name, string? meant)
    {
        var guess = meant is null ? "." : $"; did you mean \"{meant}\"?";
        Console.Error.WriteLine($"There is no {kind} \"{Spelling.Shorten(name)}\"{guess}");
        if (List(kind) is { } list)
            Console.Error.WriteLine($"See: gateway {list}");
        return ExitCode.No;
    }

    /// <summary>Returns the verb that lists the objects of a kind; null if there is none.</summary>
    private static string? List(string kind) => kind switch
    {
        "approval" => "approvals list --all",
        "standing approval" => "approvals standing list",
        "counter" => "counter list",
        "list" => "list show",
        "policy" or "candidate of the policy" or "candidate" or "draft" => "policy list",
        "tool" or "classification" => "tools list",
        "budget" or "channel" or "context" or "grant" or "key" or "operator" or "passkey" or "server"
            or "session" => $"{kind} list",
        _ => null,
    };
}
