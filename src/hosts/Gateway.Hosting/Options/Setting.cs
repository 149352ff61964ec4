using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Gateway.Hosting.Options;

/// <summary>
/// Options that can also be set by the environment, <c>--admin-listen</c> as <c>GATEWAY_ADMIN_LISTEN</c>, which suits
/// pods; the command line wins.
/// </summary>
public static class Setting
{
    private static readonly ConditionalWeakTable<Option, string> Variables = [];

    /// <summary>Returns the environment variable of an option; null if it has none.</summary>
    public static string? VariableOf(Option option) => Variables.TryGetValue(option, out var known) ? known : null;

    /// <summary>Creates an option with a text that is validated later, together with others.</summary>
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

    /// <summary>Creates an option with a text that is valid if <paramref name="problem"/> returns null.</summary>
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

    /// <summary>Creates an option with several texts: given repeatedly, or separated by commas.</summary>
    public static Option<string[]> Texts(string name, string help, string description, string otherwise) => Known(
        Variable(name), new Option<string[]>(name)
        {
            Description = $"{description} ({Variable(name)})",
            HelpName = help,
            DefaultValueFactory = result => [Set(Variable(name), result) ?? otherwise],
        });

    /// <summary>Returns the value of an option, including the environment, to validate a whole command.</summary>
    public static string? Value(this CommandResult command, Option<string?> option)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(option);
        return command.GetResult(option) is { } result
            ? result.GetValueOrDefault<string?>()
            : (string?)option.GetDefaultValue();
    }

    /// <summary>Creates an option with one of several words.</summary>
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
                    result.AddError($"{variable} \"{set}\" is not one of {string.Join(", ", words)}.");
                return set;
            },
        };
        option.AcceptOnlyFromAmong(words);
        return Known(variable, option);
    }

    /// <summary>
    /// Creates an option with a whole number from <paramref name="least"/> to <paramref name="most"/>.
    /// </summary>
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
                result.AddError($"{variable}={set} is invalid: it must be {rule}.");
                return otherwise;
            },
        };
        option.Validators.Add(result =>
        {
            if (!result.Implicit && result.TryRead<int?>(out var number) && number is { } given && !IsRight(given))
                result.AddError($"{name} must be {rule}.");
        });
        return Known(variable, option);
    }

    /// <summary>Creates a switch, off by default; <c>true</c> or <c>false</c> in the environment.</summary>
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

    /// <summary>Returns null for a verb below the option's command, which does not use the option.</summary>
    private static string? Set(string variable, ArgumentResult result) =>
        result.Parent?.Parent is CommandResult command && command.Children.Any(static below => below is CommandResult)
            ? null
            : Environment.GetEnvironmentVariable(variable) is { Length: > 0 } set ? set : null;
}
