using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Gateway.Hosting.Options;

/// <summary>
/// Options that can stand in the environment too, <c>--admin-listen</c> as <c>GATEWAY_ADMIN_LISTEN</c>, which is how a
/// pod is told; the command line wins.
/// </summary>
public static class Setting
{
    private static readonly ConditionalWeakTable<Option, string> Variables = [];

    /// <summary>The environment's variable of an option; null where it has none.</summary>
    public static string? VariableOf(Option option) => Variables.TryGetValue(option, out var known) ? known : null;

    /// <summary>Text that is checked later, together with more.</summary>
    public static Option<string?> Text(
        string name, string help, string description, string? otherwise = null, string? variable = null)
    {
        variable ??= Variable(name);
        return Known(variable, new Option<string?>(name)
        {
            Description = $"{description} ({variable})",
            HelpName = help,
            DefaultValueFactory = result => Set(variable, result) ?? otherwise,
        });
    }

    /// <summary>Text that is right where <paramref name="problem"/> finds nothing to say of it.</summary>
    public static Option<string?> Text(
        string name, string help, string description, string? otherwise, Func<string, string?> problem)
    {
        var option = Text(name, help, description, otherwise);
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && problem(text) is { } words)
                result.AddError($"{(result.Implicit ? Variable(name) : name)} {words}");
        });
        return option;
    }

    /// <summary>Several texts: the option again, or with commas between them.</summary>
    public static Option<string[]> Texts(string name, string help, string description, string otherwise) => Known(
        Variable(name), new Option<string[]>(name)
        {
            Description = $"{description} ({Variable(name)})",
            HelpName = help,
            DefaultValueFactory = result => [Set(Variable(name), result) ?? otherwise],
        });

    /// <summary>What holds of an option, by the environment too, for those who check a whole command.</summary>
    public static string? Value(this CommandResult command, Option<string?> option)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(option);
        return command.GetResult(option) is { } result
            ? result.GetValueOrDefault<string?>()
            : (string?)option.GetDefaultValue();
    }

    /// <summary>One of some words.</summary>
    public static Option<string?> Choice(
        string name, string description, string? otherwise, params string[] words)
    {
        var variable = Variable(name);
        var option = new Option<string?>(name)
        {
            Description = $"{description} ({variable})",
            DefaultValueFactory = result =>
            {
                if (Set(variable, result) is not { } set) return otherwise;
                if (!words.Contains(set))
                    result.AddError($"{variable} \"{set}\" is none of {string.Join(", ", words)}.");
                return set;
            },
        };
        option.AcceptOnlyFromAmong(words);
        return Known(variable, option);
    }

    /// <summary>A whole number of <paramref name="least"/> or more, up to <paramref name="most"/>.</summary>
    public static Option<int?> Count(
        string name, string help, string description, int? otherwise, int least, string unit = "",
        int most = int.MaxValue)
    {
        var variable = Variable(name);
        var rule = string.Create(CultureInfo.InvariantCulture, $"{least:N0}{unit}") + (most == int.MaxValue
            ? " or more"
            : $" to {most}");
        bool IsRight(int number) => number >= least && number <= most;
        var option = new Option<int?>(name)
        {
            Description = $"{description} ({variable})",
            HelpName = help,
            DefaultValueFactory = result =>
            {
                if (Set(variable, result) is not { } set) return otherwise;
                if (int.TryParse(set, CultureInfo.InvariantCulture, out var number) && IsRight(number)) return number;
                result.AddError($"{variable}={set} is not a count of {rule}.");
                return otherwise;
            },
        };
        option.Validators.Add(result =>
        {
            if (!result.Implicit && result.TryRead<int?>(out var number) && number is { } given && !IsRight(given))
                result.AddError($"{name} is {rule}.");
        });
        return Known(variable, option);
    }

    /// <summary>A switch, off by default; <c>true</c> or <c>false</c> in the environment.</summary>
    public static Option<bool> Flag(string name, string description)
    {
        var variable = Variable(name);
        return Known(variable, new Option<bool>(name)
        {
            Description = $"{description} ({variable})",
            DefaultValueFactory = result =>
            {
                if (Set(variable, result) is not { } set) return false;
                if (!bool.TryParse(set, out var isOn)) result.AddError($"{variable}={set} is neither true nor false.");
                return isOn;
            },
        });
    }

    private static T Known<T>(string variable, T option)
        where T : Option
    {
        Variables.Add(option, variable);
        return option;
    }

    private static string Variable(string name) => "GATEWAY_" + name[2..].ToUpperInvariant().Replace('-', '_');

    /// <summary>Nothing where a verb below the option's command is asked for, which has no use for it.</summary>
    private static string? Set(string variable, ArgumentResult result) =>
        result.Parent?.Parent is CommandResult command && command.Children.Any(static below => below is CommandResult)
            ? null
            : Environment.GetEnvironmentVariable(variable) is { Length: > 0 } set ? set : null;
}
