using System.CommandLine;
using Gateway.Admin.Channels;

namespace Gateway.Hosting.Commands.Verbs.Channels;

/// <summary>The options for the Slack app of <c>gateway channel add --kind slack-app</c>.</summary>
internal static class SlackArguments
{
    private static readonly Option<string?> Token = new("--slack-token")
    {
        Description = "For a Slack app: the app's bot token, xoxb-…, with the scope chat:write. Encrypted at rest, "
            + "never shown again.",
        HelpName = "TOKEN",
    };

    private static readonly Option<string?> SigningSecret = new("--slack-signing-secret")
    {
        Description = "For a Slack app: the app's signing secret. Encrypted at rest, never shown again.",
        HelpName = "SECRET",
    };

    private static readonly Option<string?> Conversation = new("--slack-channel")
    {
        Description = "For a Slack app: the id of the Slack channel that receives messages, such as C0123456789.",
        HelpName = "ID",
    };

    private static readonly Option<string[]> People = Persons();

    public static IReadOnlyList<Option> All { get; } = [Token, SigningSecret, Conversation, People];

    /// <summary>Returns the app; null if none of the options is given.</summary>
    public static SlackInput? Of(ParseResult parsed)
    {
        if (All.All(option => parsed.GetResult(option) is null))
            return null;
        var people = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var one in parsed.GetValue(People) ?? [])
            people[one[..one.IndexOf('=')]] = one[(one.IndexOf('=') + 1)..];

        return new SlackInput
        {
            Token = parsed.GetValue(Token) ?? "",
            SigningSecret = parsed.GetValue(SigningSecret) ?? "",
            Conversation = parsed.GetValue(Conversation) ?? "",
            People = people,
        };
    }

    private static Option<string[]> Persons()
    {
        var people = new Option<string[]>("--slack-user")
        {
            Description = "For a Slack app: a Slack user who may press buttons, and the operator's name of that "
                + "person, such as T0123456789/U0123456789=ada. Repeatable. For other users, the buttons do nothing.",
            HelpName = "TEAM/USER=OPERATOR",
            AllowMultipleArgumentsPerToken = false,
        };
        people.Validators.Add(static result =>
        {
            foreach (var token in result.Tokens.Where(static token => token.Value.Split('=') is not [not "", not ""]))
                result.AddError($"--slack-user \"{token.Value}\": write T0123456789/U0123456789=ada.");
        });
        return people;
    }
}
