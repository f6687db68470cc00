// The one implementation of the operations, compiled once per engine.
//
// The engine's C file includes its own Lua headers, then api.h, the header of its family, defines what differs
// from most engines (features.h), and includes this. Read in this order; each part uses only those above it.
#include "features.h"
#include "state.h"
#include "layout.h"
#include "collector_due.h"
#include "room.h"
#include "references.h"
#include "keys.h"
#include "entering.h"
#include "values.h"
#include "protect.h"
#include "crossing.h"
#include "hooks.h"
#include "limits.h"
#include "run.h"
#include "tables.h"
#include "collisions.h"
#include "string_headers.h"
#include "bulk.h"
#include "weak.h"
#include "lists.h"
#include "host.h"
#include "errors.h"
#include "objects.h"
#include "leaves.h"
#include "elements.h"
#include "buffers.h"
#include "threads.h"
#include "throw.h"
#include "introspection.h"
#include "swift_hook.h"
#include "libraries.h"
#include "library.h"
#include "lifecycle.h"
#include "collector.h"

static const loba_operations operations = {
#define LOBA_OPERATION(result, name, closed, parameters) .name = op_##name,
#include "../loba_operations.h"
};

const loba_operations *LOBA_OPERATIONS(void) { return &operations; }
