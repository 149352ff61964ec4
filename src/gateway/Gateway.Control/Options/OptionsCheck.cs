using Microsoft.Extensions.Options;

namespace Gateway.Control.Options;

/// <summary>Holds options to the ranges that stand beside their defaults.</summary>
public static class OptionsCheck
{
    /// <summary>Goes on where all is well.</summary>
    /// <exception cref="InvalidOperationException">One is out of its range; the message names each with its range.
    /// </exception>
    public static void OrThrow(this ValidateOptionsResult result) => result.OrThrow([]);

    /// <summary>The same, where an operator sets some of them: the message names those as the operator does.</summary>
    /// <param name="result">What was found.</param>
    /// <param name="settings">Members, and how each is written.</param>
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
