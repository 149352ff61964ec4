using System.CommandLine;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary>Options that several nouns share.</summary>
internal static class CommonOptions
{
    /// <summary>Returns the member of records that an option of the form <c>call-id</c> filters.</summary>
    public static string Member(string option) => option.Split('-') is [var first, var second]
        ? first + char.ToUpperInvariant(second[0]) + second[1..]
        : option;

    /// <summary>Returns an option that narrows a list; its value must not be empty.</summary>
    public static Option<string?> Filter(string name, string helpName, string help)
    {
        var option = new Option<string?>(name) { Description = help, HelpName = helpName };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is "")
                result.AddError($"{name} is empty; omit it, or write a value.");
        });
        return option;
    }
}
