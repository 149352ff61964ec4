using System.CommandLine;

namespace Gateway.Hosting.Options;

/// <summary>The option <c>--public-url</c>: the address that agents use.</summary>
public static class PublicUrl
{
    /// <summary>The option; in <paramref name="help"/> is said what holds without it.</summary>
    public static Option<string?> Option(string help) => Setting.Text(
        "--public-url", "URL", help, null, static text => Parse(text) is not null
            ? null
            : $"\"{text}\" is no address; write it as https://gateway.example.com, without a query.");

    /// <summary>Null where it is none.</summary>
    public static Uri? Parse(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
        && url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0
            ? url
            : null;
}
