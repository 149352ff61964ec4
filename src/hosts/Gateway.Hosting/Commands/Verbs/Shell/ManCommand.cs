using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;
using System.Text;
using Gateway.Audit.Shipping;
using Gateway.Hosting.Commands.Remote;

namespace Gateway.Hosting.Commands.Verbs.Shell;

/// <summary><c>gateway man</c>: the manual page, generated from the verbs of this program.</summary>
internal static class ManCommand
{
    private const string Example = "Example";

    public static Command Create()
    {
        var command = new Command("man",
            "Print the manual page of this program.\n\nExample:\n  gateway man | man -l -");
        command.SetAction(static parsed =>
        {
            Console.Out.Write(Write(parsed.RootCommandResult.Command));
            return ExitCode.Well;
        });
        return command;
    }

    /// <summary>Returns the page, in the macros of man(7).</summary>
    public static string Write(Command root)
    {
        var page = new StringBuilder();
        var name = root.Name;
        page.Append(CultureInfo.InvariantCulture, $".TH {Text(name.ToUpperInvariant())} 1 \"{Date()}\" ")
            .Append(CultureInfo.InvariantCulture, $"\"{Text(name)} {Text(ProductRelease.Version)}\" ")
            .Append("\"User commands\"\n");
        page.Append(".SH NAME\n").Append(CultureInfo.InvariantCulture,
            $"{Text(name)} \\- {Text(FirstSentence(root.Description))}\n");
        page.Append(".SH SYNOPSIS\n").Append(CultureInfo.InvariantCulture,
            $".B {Text(name)}\n.I verb\n[\\fIargument\\fR ...] [\\fIoption\\fR ...]\n");
        page.Append(".SH OPTIONS OF MANY VERBS\nThey can precede or follow the verb.\n");
        foreach (var option in root.Options.Where(IsShown))
            Append(page, option);
        page.Append(".SH VERBS\n");
        foreach (var verb in root.Subcommands.OrderBy(static verb => verb.Name, StringComparer.Ordinal))
            Append(page, verb, name, root);
        page.Append(".SH EXIT STATUS\n");
        foreach (var (code, meaning) in ExitCode.Meanings)
            page.Append(CultureInfo.InvariantCulture, $".TP\n.B {code}\n{Text(meaning)}\n");
        page.Append(".SH ENVIRONMENT\n");
        foreach (var (variable, meaning) in new[]
        {
            (RemoteVerb.GatewayVariable, "The address of the gateway, like --gateway."),
            (RemoteVerb.KeyVariable, "The key, like --admin-key."),
            ("NO_COLOR", "No color, like --no-color."),
        })
        {
            page.Append(CultureInfo.InvariantCulture, $".TP\n.B {Text(variable)}\n{Text(meaning)}\n");
        }

        return page.ToString();
    }

    private static void Append(StringBuilder page, Command verb, string parent, Command root)
    {
        if (verb.Hidden)
            return;
        var name = $"{parent} {verb.Name}";
        var arguments = verb.Arguments.Where(static argument => !argument.Hidden).ToList();
        page.Append(CultureInfo.InvariantCulture, $".SS {Text(name)}");
        foreach (var argument in arguments)
        {
            var shown = $"\\fI{Text(argument.HelpName ?? argument.Name)}\\fR";
            page.Append(argument.Arity.MinimumNumberOfValues == 0 ? $" [{shown}]" : $" {shown}");
        }

        page.Append('\n');
        Description(page, verb.Description);
        foreach (var argument in arguments)
        {
            page.Append(CultureInfo.InvariantCulture,
                $".TP\n.I {Text(argument.HelpName ?? argument.Name)}\n{Line(argument.Description)}\n");
        }

        foreach (var option in verb.Options.Where(option => IsShown(option) && !root.Options.Contains(option)))
            Append(page, option);
        foreach (var inner in verb.Subcommands.OrderBy(static inner => inner.Name, StringComparer.Ordinal))
            Append(page, inner, name, root);
    }

    private static void Append(StringBuilder page, Option option)
    {
        var names = option.Aliases.Where(static alias => alias.StartsWith('-')).Prepend(option.Name);
        var value = option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool)
            ? $" \\fI{Text(option.HelpName ?? option.Name.TrimStart('-'))}\\fR"
            : "";
        page.Append(".TP\n").AppendJoin(", ", names.Select(static one => $"\\fB{Text(one)}\\fR")).Append(value)
            .Append('\n').Append(Line(option.Description)).Append('\n');
    }

    private static bool IsShown(Option option) => option is { Hidden: false } and not HelpOption and not VersionOption;

    /// <summary>Writes paragraphs, with examples verbatim.</summary>
    private static void Description(StringBuilder page, string? description)
    {
        var isFirst = true;
        foreach (var paragraph in (description ?? "").Split("\n\n"))
        {
            if (!isFirst)
                page.Append(".PP\n");
            isFirst = false;
            if (!paragraph.StartsWith(Example, StringComparison.Ordinal))
            {
                page.Append(Line(paragraph)).Append('\n');
                continue;
            }

            var lines = paragraph.Split('\n');
            page.Append(Text(lines[0])).Append("\n.PP\n.nf\n");
            foreach (var line in lines.Skip(1))
                page.Append(Text(line)).Append('\n');
            page.Append(".fi\n");
        }
    }

    private static string FirstSentence(string? description) =>
        (description ?? "").Split('\n')[0].TrimEnd('.');

    // The time of the build's source, so that the same source produces the same page.
    private static string Date() =>
        long.TryParse(Environment.GetEnvironmentVariable("SOURCE_DATE_EPOCH"), CultureInfo.InvariantCulture, out var at)
            ? DateTimeOffset.FromUnixTimeSeconds(at).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Line(string? text) => Text(string.Join(
        ' ', (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));

    /// <summary>Escapes text so that no formatter reads it as a request or an escape.</summary>
    private static string Text(string text)
    {
        var escaped = text.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal)
            .Replace("…", "...", StringComparison.Ordinal).Replace("\"", "\\(dq", StringComparison.Ordinal);
        return escaped is ['.' or '\'', ..] ? "\\&" + escaped : escaped;
    }
}
