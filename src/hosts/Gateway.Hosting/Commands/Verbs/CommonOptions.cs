using System.CommandLine;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary>Options that several nouns share.</summary>
internal static class CommonOptions
{
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
