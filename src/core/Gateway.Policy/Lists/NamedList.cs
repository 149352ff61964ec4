using System.Text;
using Gateway.Policy.Text;

namespace Gateway.Policy.Lists;

/// <summary>A list that policies name: found in constant time, in whatever form they compare. Immutable.</summary>
public sealed class NamedList
{
    private readonly Lazy<HashSet<string>?>[] _forms;

    /// <param name="values">Each once; what <see cref="Problem"/> finds nothing wrong with.</param>
    public NamedList(IReadOnlyList<string> values)
    {
        Values = values;
        // Hash sets, as a frozen set does not mind who wrote what is in it: keys that collide would make it slow.
        _forms = [.. Enum.GetValues<ValueForm>().Select(form => new Lazy<HashSet<string>?>(() => Keys(form)))];
    }

    /// <summary>As they were written, in their order.</summary>
    public IReadOnlyList<string> Values { get; }

    /// <summary>What is wrong with such values, and which is; null where nothing is.</summary>
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

    /// <summary>The first value that cannot be compared so; null where all can.</summary>
    public string? FirstWithout(ValueForm form) =>
        Of(form) is null ? Values.First(value => ValueForms.Of(form, value) is null) : null;

    /// <summary>The values in that form; null where one of them has none.</summary>
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
