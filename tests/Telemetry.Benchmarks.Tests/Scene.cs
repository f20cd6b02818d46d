using System.Reflection;
using BenchmarkDotNet.Attributes;

namespace Telemetry.Benchmarks.Tests;

/// <summary>One benchmark with one choice of its parameters, run by hand instead of by BenchmarkDotNet.</summary>
/// <param name="Method">What is measured.</param>
/// <param name="Choice">A value for each property with parameters.</param>
public sealed record Scene(MethodInfo Method, IReadOnlyList<KeyValuePair<PropertyInfo, object?>> Choice)
{
    private const int WarmUpRounds = 30; // tier-0 code hands over and tables have grown
    private const int Attempts = 5; // what the runtime does once it does in one of them

    /// <summary>Folder, class and method, as ceilings.json names them.</summary>
    public string Name
    {
        get
        {
            Type type = Method.DeclaringType!;
            return $"{type.Namespace![(type.Namespace!.LastIndexOf('.') + 1)..]}/{type.Name}.{Method.Name}";
        }
    }

    /// <summary>All benchmarks of the assembly but the baselines, which are what others do.</summary>
    public static IReadOnlyList<Scene> All { get; } =
    [
        .. typeof(Mqtt.Framing).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Where(method => method.GetCustomAttribute<BenchmarkAttribute>() is { Baseline: false })
            .SelectMany(method => ChoicesOf(method.DeclaringType!), (method, choice) => new Scene(method, choice)),
    ];

    /// <summary>Bytes allocated by one operation on this thread, the least of some attempts.</summary>
    public double MeasureAllocatedBytes()
    {
        Type type = Method.DeclaringType!;
        object instance = Activator.CreateInstance(type)!;
        foreach ((PropertyInfo property, object? value) in Choice)
        {
            property.SetValue(instance, value);
        }

        Act(instance, MethodOf<GlobalSetupAttribute>(_ => true))?.Invoke();
        try
        {
            return Measure(instance);
        }
        finally
        {
            Act(instance, MethodOf<GlobalCleanupAttribute>(_ => true))?.Invoke();
        }
    }

    public override string ToString() =>
        string.Join(' ', [Name, .. Choice.Select(pair => $"{pair.Key.Name}={pair.Value}")]);

    private double Measure(object instance)
    {
        Action? setup = Act(instance, MethodOf<IterationSetupAttribute>(a => a.Targets.Contains(Method.Name)));
        Action? cleanup = Act(instance, MethodOf<IterationCleanupAttribute>(a => a.Targets.Contains(Method.Name)));
        Action act = Act(instance, Method)!;
        int warmUpRounds = setup is null ? WarmUpRounds : 1; // a fresh start each time has no state to warm up
        long least = long.MaxValue;
        for (int i = 0; i < warmUpRounds + Attempts; i++)
        {
            setup?.Invoke();
            long before = GC.GetAllocatedBytesForCurrentThread();
            act();
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            cleanup?.Invoke();
            least = i < warmUpRounds ? least : Math.Min(least, bytes);
        }

        return (double)least / Method.GetCustomAttribute<BenchmarkAttribute>()!.OperationsPerInvoke;
    }

    /// <summary>A method as something to call without boxing what it gives.</summary>
    private static Action? Act(object instance, MethodInfo? method)
    {
        if (method is null || method.ReturnType == typeof(void))
        {
            return method?.CreateDelegate<Action>(instance);
        }

        MethodInfo drop = typeof(Scene).GetMethod(nameof(Drop), BindingFlags.NonPublic | BindingFlags.Static)!;
        return (Action)drop.MakeGenericMethod(method.ReturnType).Invoke(null, [instance, method])!;
    }

    private static Action Drop<T>(object instance, MethodInfo method)
    {
        Func<T> function = method.CreateDelegate<Func<T>>(instance);
        return () => function();
    }

    private MethodInfo? MethodOf<TAttribute>(Func<TAttribute, bool> isMeant)
        where TAttribute : Attribute =>
        Method.DeclaringType!.GetMethods().FirstOrDefault(method =>
            method.GetCustomAttribute<TAttribute>() is { } attribute && isMeant(attribute));

    private static IEnumerable<KeyValuePair<PropertyInfo, object?>[]> ChoicesOf(Type type)
    {
        IEnumerable<KeyValuePair<PropertyInfo, object?>[]> choices = [[]];
        foreach (PropertyInfo property in type.GetProperties())
        {
            if (property.GetCustomAttribute<ParamsAttribute>() is { } values)
            {
                choices = choices.SelectMany(
                    _ => values.Values, (choice, value) => choice.Append(new(property, value)).ToArray());
            }
        }

        return choices;
    }
}
