using System.Text;
using Gateway.Policy.Text;

namespace Gateway.Policy.Lists;

/// <summary>
/// A list that policies refer to by name. Lookups take constant time in each form of comparison. Immutable.
/// </summary>
public sealed class NamedList
{
    private readonly Lazy<HashSet<string>?>[] _forms;

    /// <param name="values">Distinct values in which <see cref="Problem"/> finds no problem.</param>
    public NamedList(IReadOnlyList<string> values)
    {
        Values = values;
        // Hash sets resist chosen keys that collide, which would make a frozen set slow.
        _forms = [.. Enum.GetValues<ValueForm>().Select(form => new Lazy<HashSet<string>?>(() => Keys(form)))];
    }

    /// <summary>The values as written, in their order.</summary>
    public IReadOnlyList<string> Values { get; }

    /// <summary>Returns the first problem of such values with its index; null if there is none.</summary>
    public static (int? Index, string Message)? Problem(IReadOnlyList<string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count > PolicyBounds.ListValuesMax)
            return (null, $"a list has at most {PolicyBounds.ListValuesMax} values, not {values.Count}");
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i] is not { Length: > 0 })
                return (i, "a value of a list is a string of at least one character");
            if (Encoding.UTF8.GetByteCount(values[i]) > PolicyBounds.ListValueBytesMax)
                return (i, $"a value of a list has at most {PolicyBounds.ListValueBytesMax} bytes");
        }

        return null;
    }

    /// <summary>Returns the first value that lacks this form; null if all have it.</summary>
    public string? FirstWithout(ValueForm form) =>
        Of(form) is null ? Values.First(value => ValueForms.Of(form, value) is null) : null;

    /// <summary>Returns the values in that form; null if one of them lacks it.</summary>
    internal HashSet<string>? Of(ValueForm form) => _forms[(int)form].Value;

    private HashSet<string>? Keys(ValueForm form)
    {
        var keys = new HashSet<string>(Values.Count, StringComparer.Ordinal);
        foreach (var value in Values)
        {
            if (ValueForms.Of(form, value) is not { } key)
                return null;
            keys.Add(key);
        }

        return keys;
    }
}
