using System.CommandLine;

namespace Gateway.Hosting.Options;

/// <summary>The option <c>--public-url</c>: the address that agents use.</summary>
public static class PublicUrl
{
    /// <summary>The option; <paramref name="variable"/> of the environment stands in its place, if given.</summary>
    public static Option<string?> Option(string help, string? variable = null)
    {
        var option = new Option<string?>("--public-url")
        {
            Description = variable is null ? help : $"{help} ({variable})",
            HelpName = "URL",
        };
        if (variable is not null)
        {
            option.DefaultValueFactory = _ =>
                Environment.GetEnvironmentVariable(variable) is { Length: > 0 } set ? set : null;
        }

        option.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && Parse(text) is null)
            {
                result.AddError($"--public-url \"{text}\" is no address; write it as https://gateway.example.com, "
                    + "without a query.");
            }
        });
        return option;
    }

    /// <summary>Null where it is none.</summary>
    public static Uri? Parse(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
        && url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0
            ? url
            : null;
}
