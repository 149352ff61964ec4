using System.CommandLine;

namespace Gateway.Hosting.Options;

/// <summary>Addresses as others have them: <c>--public-url</c>, which agents use, and <c>--console-url</c>.</summary>
public static class PublicUrl
{
    /// <summary>The option; in <paramref name="help"/> is said what holds without it.</summary>
    public static Option<string?> Option(string help) => Setting.Text("--public-url", "URL", help, null, Check);

    /// <summary>The same for people, who open the console.</summary>
    public static Option<string?> OptionOfConsole(string help) =>
        Setting.Text("--console-url", "URL", help, null, Check);

    /// <summary>Null where it is none.</summary>
    public static Uri? Parse(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
        && url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0
            ? url
            : null;

    private static string? Check(string text) => Parse(text) is not null
        ? null
        : $"\"{text}\" is no address; write it as https://gateway.example.com, without a query.";
}
