using Microsoft.Extensions.Options;

namespace Gateway.Control.Options;

/// <summary>Validates options against the ranges that stand beside their defaults.</summary>
public static class OptionsCheck
{
    /// <summary>Throws if an option is invalid.</summary>
    /// <exception cref="InvalidOperationException">
    /// An option is out of its range; the message names each with its range.
    /// </exception>
    public static void OrThrow(this ValidateOptionsResult result) => result.OrThrow([]);

    /// <summary>
    /// Throws if an option is invalid, and names the options in the message as an operator writes them.
    /// </summary>
    /// <param name="result">The result of the validation.</param>
    /// <param name="settings">Members, and the operator's name for each.</param>
    public static void OrThrow(this ValidateOptionsResult result, params (string Member, string Setting)[] settings)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (!result.Failed)
            return;
        // A message says "Grace: The field … Drain.Grace must be …".
        var words = result.FailureMessage.Split(' ');
        for (var i = 0; i < words.Length; i++)
        {
            var member = words[i].TrimEnd(':').Split('.')[^1];
            if (settings.FirstOrDefault(one => one.Member == member).Setting is { } setting)
                words[i] = words[i].EndsWith(':') ? setting + ':' : setting;
        }

        throw new InvalidOperationException(string.Join(' ', words));
    }
}
