using System.CommandLine;

namespace Gateway.Hosting.Options;

/// <summary>The external addresses: <c>--public-url</c>, which agents use, and <c>--console-url</c>.</summary>
public static class PublicUrl
{
    /// <summary>Creates the option; <paramref name="help"/> states the default.</summary>
    public static Option<string?> Option(string help) => Setting.Text("--public-url", "URL", help, null, Check);

    /// <summary>Creates the option for the address at which people open the console.</summary>
    public static Option<string?> OptionOfConsole(string help) =>
        Setting.Text("--console-url", "URL", help, null, Check);

    /// <summary>Returns the address; null if the text is not a valid one.</summary>
    public static Uri? Parse(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
        && url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0
            ? url
            : null;

    private static string? Check(string text) => Parse(text) is not null
        ? null
        : $"\"{text}\" is not a valid address; write it as https://gateway.example.com, without a query.";
}
