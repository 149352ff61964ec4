using Gateway.Admin.Answers;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Printing;

/// <summary>Says that a name does not exist: one shape of message and one exit code, whatever it names.</summary>
internal static class NotFound
{
    /// <summary>Prints it, with what was probably meant.</summary>
    /// <param name="kind">What the name should be of: a grant, a counter, a context.</param>
    /// <param name="name">The name.</param>
    /// <param name="known">Those that there are.</param>
    /// <returns>The exit code.</returns>
    public static int Say(string kind, string name, IEnumerable<string> known) =>
        Say(kind, name, Spelling.Nearest(name, known));

    /// <summary>The same for what the gateway answered.</summary>
    public static int Say(UnknownName unknown) => Say(unknown.Kind, unknown.Name, unknown.DidYouMean);

    private static int Say(string kind, string name, string? meant)
    {
        var guess = meant is null ? "." : $"; did you mean \"{meant}\"?";
        Console.Error.WriteLine($"There is no {kind} \"{Spelling.Shorten(name)}\"{guess}");
        if (List(kind) is { } list)
            Console.Error.WriteLine($"See: gateway {list}");
        return ExitCode.No;
    }

    /// <summary>The verb that lists what there is of a kind; null where there is none.</summary>
    private static string? List(string kind) => kind switch
    {
        "approval" => "approvals list --all",
        "standing approval" => "approvals standing list",
        "budget" or "counter" => "counter list",
        "list" => "list show",
        "policy" or "candidate of the policy" or "candidate" or "draft" => "policy list",
        "tool" or "classification" => "tools list",
        "channel" or "context" or "grant" or "key" or "operator" or "passkey" or "server" or "session" =>
            $"{kind} list",
        _ => null,
    };
}
